import { type Detector, type Span, spansOf } from "../detector.js";

const URL =
  /(?<![A-Za-z])(?:[a-z][a-z0-9+.-]{1,12}:\/\/|(?=(?:pan\.baidu|www\.aliyundrive|www\.alipan|pan\.quark|meeting\.tencent)\.com\/))[!-~]{4,2000}/dgi;
const NAMED =
  /[?&;#](?:[a-z_-]*(?:token|secret|passw(?:or)?d|pwd|passcode|signature|session|credential|apikey|api_key|access_key)|key|sig|sign|auth|code|otp|ticket|invite|tk|sid|jwt)=(?<it>[^&#\s]{3,})/dgi;
const LOGIN = /:\/\/(?<it>[^/@\s:]{1,64}:[^/@\s]{1,64})@/dg;
/** What is shared by a link of its own: cloud disks, documents, meetings, invitations. */
const SHARED =
  /(?:pan\.baidu\.com\/s\/|(?:aliyundrive|alipan)\.com\/s\/|pan\.quark\.cn\/s\/|meeting\.tencent\.com\/(?:dm|p|s)\/|zoom\.us\/(?:j|my|w)\/|drive\.google\.com\/(?:file\/d|drive\/folders)\/|docs\.google\.com\/\w+\/d\/|dropbox\.com\/(?:s|scl\/fi)\/|1drv\.ms\/\w\/|meet\.google\.com\/|discord\.gg\/|t\.me\/(?:joinchat\/|\+)|wetransfer\.com\/downloads\/)(?<it>[A-Za-z0-9_-]{4,})/dgi;
/** Keys of programs, as their makers mark them, and signed tokens. */
const KEY =
  /(?<![A-Za-z0-9_-])(?:sk-(?:[a-z]+-)?[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|AKIA[0-9A-Z]{16}|xox[abpr]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{30,}|hf_[A-Za-z0-9]{20,}|glpat-[A-Za-z0-9_-]{16,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})/dg;
const MEETING =
  /(?:会议号|会议ID|会议 ID|meeting id|meeting number)\s*[:：]?\s*(?<it>#?\d{3}[ -]?\d{3,4}[ -]?\d{3,4})(?!\d)/dgi;

/**
 * The secret in a link: a token, key or password among its parameters, a login, the name of a shared file or meeting;
 * and keys of programs and numbers of meetings by themselves. The rest of the link stays.
 *
 * The stand-in has the same sorts of letters and digits in the same places.
 */
export const secretLink: Detector = {
  kind: "secret-link",
  digits: 0,
  hint: /:\/\/|\.com\/|sk-|gh[pousr]_|AKIA|xox|AIza|hf_|glpat|eyJ|会议|meeting/i,
  find: (text) => {
    const inLinks = spansOf(text, URL).flatMap(({ start, end }): Span[] => {
      const url = text.slice(start, end);
      const parts = [NAMED, LOGIN, SHARED].flatMap((pattern) => spansOf(url, pattern));
      return parts.map((part) => ({ start: start + part.start, end: start + part.end }));
    });
    return [...inLinks, ...spansOf(text, KEY), ...spansOf(text, MEETING)];
  },
  key: (found) => found,
  imagine: (found, draw) => draw.like(found),
};
