import { type Kind, type MediaKind, placeholder } from "../../kinds.js";
import { mediaKindOf } from "../media-kind.js";

// What KakaoTalk writes in place of what is no text, in Korean and English, the same in all its exports.

const WHOLE: readonly [MediaKind, RegExp][] = [
  ["image", /^(?:사진(?: \d{1,3}장)?|Photos?(?: \d{1,3})?|\d{1,3} [Pp]hotos)$/],
  ["video", /^(?:동영상|Videos?)$/],
  ["sticker", /^(?:이모티콘|Emoticons?|Sticker)$/],
  ["voice", /^(?:음성 ?메시지|Voice (?:[Mm]essage|[Nn]ote))$/],
  [
    "recalled",
    /^(?:삭제된 메시지입니다|메시지가 삭제되었습니다|This message (?:was|has been) deleted|Deleted message)\.?$/,
  ],
  [
    "call",
    /^(?:보이스톡|페이스톡|그룹콜|라이브톡|Voice [Cc]all|Video [Cc]all|Voice Talk|Face Talk)(?: .{0,30})?$/,
  ],
  ["red-packet", /^송금봉투.{0,40}$/],
];

const NAMED: readonly [MediaKind, RegExp][] = [
  ["file", /^(?:파일|File): ?(.+)$/],
  ["location", /^(?:지도|위치|Map|Location): ?(.+)$/s],
  ["contact-card", /^(?:연락처|Contact): ?(.+)$/],
  ["link", /^(?:샵검색|#Search): ?(.+)$/s],
  ["sticker", /^\((?:이모티콘|Emoticon)\) ?(.*)$/s],
];

const LISTED = /^[0-9a-f]{20}/;
const MEDIA_FILE = /^[0-9a-f]{20,128}\.[a-z0-9]{2,5}$/;

const NOTICE =
  /^(?:.{1,100}님(?:이|을|께서|과) .{0,200}(?:들어왔습니다|나갔습니다|초대했습니다|초대하였습니다|내보냈습니다|되었습니다)\.?|.{1,100}님이 (?:들어왔습니다|나갔습니다)\.?|.{1,100} (?:joined|left) (?:this|the) chat ?room\.?|.{1,100} (?:invited|removed) .{1,200}(?:to|from) (?:this|the) chat ?room\.?|채팅방 관리자가 메시지를 가렸습니다\.?)$/;

/** Whether a line is what the program says of who came, went or was invited. */
export function isKakaoNotice(text: string): boolean {
  // Nearly all messages are none, and most of those say so by their end.
  return /[다.m]$/.test(text) && NOTICE.test(text);
}

/**
 * The messages that a text stands for: one, or one for each of several photos whose file names alone are listed.
 */
export function kakaoParts(text: string): { kind: Kind; text: string }[] {
  if (LISTED.test(text)) {
    const names = text.split("\n");
    if (names.every((name) => MEDIA_FILE.test(name))) return names.map((name) => placed(mediaKindOf(name)));
  }
  const whole = WHOLE.find(([, form]) => form.test(text))?.[0];
  if (whole) return [placed(whole, whole === "call" ? text : "")];
  for (const [kind, form] of NAMED) {
    const found = form.exec(text);
    if (found) return [placed(kind, found[1])];
  }
  return [{ kind: "text", text }];
}

function placed(kind: MediaKind, detail = ""): { kind: Kind; text: string } {
  return { kind, text: placeholder(kind, detail) };
}

const TITLES = [
  /^(.+?) ?님과(?:의)? ?카카오톡 대화$/,
  /^KakaoTalk Chats? with (.+)$/,
  /^(.+?) (?:KakaoTalk|Talk) Chats?$/,
];

/** The chat that a file's first line names: the other one, or a room, behind which may stand how many are in it. */
export function kakaoTitle(text: string): { name: string; group: boolean } | undefined {
  for (const form of TITLES) {
    const name = form.exec(text.trim())?.[1]?.trim();
    if (name === undefined) continue;
    const [, room = name, members = ""] = /^(.+) (\d{1,4})$/.exec(name) ?? [];
    return Number(members) > 2 ? { name: room, group: true } : { name, group: false };
  }
  return undefined;
}
