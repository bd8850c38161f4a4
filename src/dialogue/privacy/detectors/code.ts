import { type Detector, spansOf, type Topic } from "../detector.js";

const WORD = String.raw`(?:(?:验证|校验|动态|提取|提货|取件|取货|开门|门禁|邀请|核销)码|(?:verification|security|login|log-in|sign-in|access|auth\w*|confirmation|one-time|otp|2fa|door|gate|safe|alarm|entry|key|pin|lock|sms)[ -]?(?:code|number)|(?<![A-Za-z])(?:otp|pin|passcode)(?![A-Za-z]))`;
const CODE = String.raw`(?<it>[A-Z]-\d{4,8}|\d{4,8}#?|\d{1,3}-\d{1,3}-\d{3,5})(?![\dA-Za-z]|[.,:]\d|-\d)`;
const SPOKEN = /码|code|otp|pin|key|lock/i;
const AFTER = new RegExp(
  String.raw`${WORD}(?:['’]?s|[^\dA-Za-z\n]{0,8}| (?:is|to \w+ is|for \w+ is|\w+ is)(?: now)?|[^\d\n]{0,24}\bit(?:['’]s| is))?\s{0,2}[:：]?\s?["“【]?${CODE}`,
  "dgi",
);
const BEFORE = new RegExp(
  String.raw`(?<![\dA-Za-z]|\d[.,:-])${CODE}\s?(?:是|为|就是|is|\(|（|as)\s?(?:the |your |my |our |您的?|你的?|我的?|本次)*(?:\w+ ){0,2}(?:${WORD}|code\b)`,
  "dgi",
);
/** Codes of cloud disks: four letters and digits. */
const EXTRACTION =
  /(?:提取码|访问码|提取密码|分享码)\s*(?:是|为)?[:：]?\s*(?<it>[A-Za-z0-9]{4,8})(?![A-Za-z0-9])/dg;
/** `Code is 4471`; not `error code is`. */
const BARE =
  /(?<![A-Za-z-])(?<!(?:error|status|exit|zip|post|postal|area|country|country's|dress|promo|discount|voucher|source|bar|qr|colou?r|morse|http|hex|product|room) )code(?:['’]?s|\s(?:is|was|be))?\s?:?\s?(?<it>\d{4,8}#?)(?![\dA-Za-z]|[.,:]\d)/dgi;
const ANSWER =
  /^\D{0,16}(?<![\d.:/£$€¥-])(?<it>\d{4,8}#?)(?![\d:/-]|\.\d|\s?(?:块|元|年|人|米|公里|分|秒|张|个|岁|条|words|people|times|km|steps|miles|pounds|quid|bucks))\D{0,24}$/dg;

/**
 * Codes that open something once or for ever: of a message, a door, a parcel locker, a cloud disk; beside the word,
 * and in the messages that follow one with the word in it.
 *
 * The stand-in has as many digits.
 */
export const code: Detector = {
  kind: "code",
  digits: 3,
  find: (text, topics: ReadonlySet<Topic>) => {
    if (!topics.has("code") && !SPOKEN.test(text)) return [];
    const spans = [AFTER, BEFORE, EXTRACTION, BARE].flatMap((pattern) => spansOf(text, pattern));
    return topics.has("code")
      ? [...spans, ...spansOf(text, ANSWER, (found) => !/^(?:19|20)\d\d$/.test(found))]
      : spans;
  },
  key: (found) => found,
  imagine: (found, draw) => draw.like(found),
};
