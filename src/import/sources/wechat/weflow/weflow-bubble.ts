import { Parser } from "htmlparser2";
import { type MediaKind, placeholder } from "../../../kinds.js";
import { type Content, mediaDetail } from "../wechat-content.js";
import { weflowText } from "./weflow-text.js";

/** What a bubble of WeFlow's page shows. */
export type Bubble = { sender: string; content: Content };

/** Classes of media, and of what holds a text. */
const MEDIA: Readonly<Record<string, MediaKind>> = {
  image: "image",
  emoji: "sticker",
  audio: "voice",
  video: "video",
  file: "file",
};
const TEXTS = ["sender-name", "quoted-sender", "quoted-text", "message-text", "message-time"] as const;

/**
 * The sender and content of a bubble.
 *
 * @param own the owner wrote it
 */
export function readBubble(html: string, own: boolean): Bubble {
  const texts = {
    "sender-name": "",
    "quoted-sender": "",
    "quoted-text": "",
    "message-text": "",
    "message-time": "",
  };
  /** The classes of the divs that are open, outermost first; the innermost that holds a text gets it. */
  const open: (keyof typeof texts | undefined)[] = [];
  let kind: MediaKind | undefined;
  let fileName = "";
  let inFile = false;
  const add = (text: string) => {
    const holder = open.findLast((one) => one !== undefined);
    if (inFile) fileName += text;
    else if (holder) texts[holder] += text;
  };
  const parser = new Parser({
    onopentag(name, { class: classes = "", alt = "" }) {
      const words = classes.split(/\s+/);
      if (name === "div") open.push(TEXTS.find((one) => words.includes(one)));
      else if (name === "br") add("\n");
      else if (words.includes("message-media")) {
        kind = words.map((word) => MEDIA[word]).find((one) => one !== undefined) ?? "unknown";
        inFile = kind === "file";
      } else if (words.includes("message-link-card")) kind = "link";
      // WeChat's emoji are pictures there.
      else if (name === "img") add(alt);
    },
    onclosetag(name) {
      if (name === "div") open.pop();
      else if (name === "a") inFile = false;
    },
    ontext: add,
  });
  parser.end(html);
  const text = texts["message-text"].trim();
  const quoted = texts["quoted-text"].trim();
  const sender = texts["sender-name"].trim();
  if (kind)
    return { sender, content: { kind, text: placeholder(kind, fileName || mediaDetail(kind, text)) } };
  if (quoted !== "") return { sender, content: { kind: "text", text, quoted } };
  return { sender, content: weflowText(text, own) };
}
