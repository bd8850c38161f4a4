import type { Handler } from "htmlparser2";
import type { Body } from "./imessage-body.js";
import { kindOfFile } from "./imessage-types.js";

/** A message or announcement of a page. */
export type HtmlMessage = {
  /** The date line. */
  stamp: string;
  sender: string;
  /** Null for an announcement. */
  own: boolean | null;
  /** `iMessage`, `SMS` and the like, where the page says it. */
  service: string;
  /** Its id on the platform; empty where the page does not give it. */
  id: string;
  body: Body;
  /** The copies of its replies, of which only what tells them apart is kept. */
  replies: { stamp: string; sender: string }[];
  /** Whether the page goes on behind it. */
  closed: boolean;
};

/** What an element is about; what is inside `skip` is read no further. */
type Role =
  | "message"
  | "announcement"
  | "stamp"
  | "sender"
  | "words"
  | "edited"
  | "wording"
  | "app"
  | "app-title"
  | "transcription"
  | "reply"
  | "skip"
  | "none";

/** The exporter nests replies within messages and no deeper; the parser takes time by the square of the depth. */
const MAX_DEPTH = 500;

const REVEAL = /^sms:\/\/open\?message-guid=(.+)$/;
const SKIPPED = /(?:^| )(?:tapbacks|reactions|tapback|expressive|attachment_error|deleted|unsent)(?: |$)/;

/** Gathers the messages of a page while it is parsed; replies within others are copies and give none. */
export class ImessagePage implements Partial<Handler> {
  #roles: Role[] = [];
  /** The innermost role that is not `none`, for each open element. */
  #within: Role[] = [];
  #done: HtmlMessage[] = [];
  #message: HtmlMessage | undefined;
  /** Words of the part that is being read. */
  #words = "";
  #title = "";
  #skipping = 0;
  #copying = 0;
  #apps = 0;

  /** Whether the page is nested deeper than any that the exporter writes; nothing from there on is read. */
  get tooDeep(): boolean {
    return this.#roles.length > MAX_DEPTH;
  }

  /** The messages that have ended since the last call. */
  take(): HtmlMessage[] {
    return this.#done.splice(0);
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    const classes = attributes["class"] ?? "";
    const role = this.#role(name, classes);
    this.#within.push(role === "none" ? this.#innermost() : role);
    this.#roles.push(role);
    if (role === "app") this.#apps += 1;
    if (role === "skip") this.#skipping += 1;
    if (role === "reply") {
      this.#copying += 1;
      this.#message?.replies.push({ stamp: "", sender: "" });
    }
    if (this.#skipping > 0 || this.#copying > 0) return;
    if (role === "message" || role === "announcement") {
      this.#finish(true);
      this.#message = emptyMessage(role === "announcement" ? null : classes.startsWith("sent"));
      if (role === "message") this.#message.service = classes.split(" ")[1] ?? "";
    } else if (role === "wording") this.#words = "";
    else if (name === "br") this.#words += "\n";
    if (this.#message && this.#apps === 0) readElement(name, attributes, this.#message);
  }

  ontext(text: string): void {
    if (this.#skipping > 0 || !this.#message) return;
    const role = this.#innermost();
    if (this.#copying > 0) {
      const copy = this.#message.replies.at(-1);
      if (copy?.sender === "" && role === "stamp") copy.stamp += text;
      if (copy && role === "sender") copy.sender += text;
    } else if (role === "stamp") this.#message.stamp += text;
    else if (role === "sender") this.#message.sender += text;
    else if (role === "words" || role === "wording" || role === "announcement") this.#words += text;
    else if (role === "app-title") this.#title += text;
    else if (role === "transcription") {
      const last = this.#message.body.media.at(-1);
      if (last) last.detail += text;
    }
  }

  onclosetag(_name: string, isImplied: boolean): void {
    const role = this.#roles.pop() ?? "none";
    this.#within.pop();
    if (role === "app") this.#apps -= 1;
    if (role === "skip") this.#skipping -= 1;
    else if (role === "reply") this.#copying -= 1;
    if (this.#skipping > 0 || this.#copying > 0 || !this.#message) return;
    if (role === "words" || role === "edited" || role === "announcement") this.#endPart();
    else if (role === "app") {
      this.#message.body.media.push({ kind: "link", detail: this.#title.trim() });
      this.#title = "";
    }
    if (role === "message" || role === "announcement") this.#finish(!isImplied);
  }

  onend(): void {
    this.#finish(false);
  }

  #innermost(): Role {
    return this.#within.at(-1) ?? "none";
  }

  #role(name: string, classes: string): Role {
    if (this.#skipping > 0) return "none";
    if (name === "style" || name === "script" || name === "title") return "skip";
    if (name === "div" && classes === "reply") return "reply";
    const within = this.#innermost();
    if (name === "span" && classes === "timestamp")
      return within === "edited" || within === "wording" ? "skip" : "stamp";
    if (name === "span" && classes === "sender") return "sender";
    if (this.#copying > 0) return "none";
    if (name === "div" && /^(?:sent|received)(?: |$)/.test(classes)) return "message";
    if (name === "div" && classes === "announcement") return "announcement";
    if (name === "span" && classes === "reply_anchor") return "skip";
    if (name === "span" && classes === "reply_context") {
      if (this.#message) this.#message.body.isReply = true;
      return "skip";
    }
    if (classes === "sticker") {
      this.#message?.body.media.push({ kind: "sticker", detail: "" });
      return "skip";
    }
    if (SKIPPED.test(classes)) {
      if (this.#message && /(?:^| )(?:deleted|unsent)(?: |$)/.test(classes))
        this.#message.body.recalled = true;
      return "skip";
    }
    if (name === "div" && classes === "edited") return "edited";
    if (within === "edited" && name === "td") return "wording";
    if (within === "edited" || within === "wording") return "none";
    if (name === "div" && classes === "app") return "app";
    if (within === "app" && /(?:^| )(?:name|caption|app_header)(?: |$)/.test(classes)) return "app-title";
    if (name === "span" && (classes === "bubble" || classes === "subject")) return "words";
    if (classes === "transcription") return "transcription";
    return "none";
  }

  #endPart(): void {
    const words = this.#words.trim();
    this.#words = "";
    const { body } = this.#message!;
    if (words !== "") body.text += body.text === "" ? words : `\n${words}`;
  }

  #finish(closed: boolean): void {
    if (!this.#message) return;
    if (this.#words.trim() !== "") this.#endPart();
    this.#words = "";
    const { body } = this.#message;
    // Of a message in parts one may be taken back and the others not.
    if (body.text !== "" || body.media.length > 0) body.recalled = false;
    this.#done.push({ ...this.#message, closed });
    this.#message = undefined;
  }
}

function emptyMessage(own: boolean | null): HtmlMessage {
  const body: Body = { text: "", media: [], recalled: false, isReply: false };
  return { stamp: "", sender: "", own, service: "", id: "", body, replies: [], closed: true };
}

/** Takes what an element says by itself: an id, a picture, a file. */
function readElement(name: string, attributes: Record<string, string>, message: HtmlMessage): void {
  const source = attributes["src"] ?? attributes["href"] ?? "";
  const { media } = message.body;
  const id = REVEAL.exec(source)?.[1];
  if (id !== undefined) message.id ||= id;
  else if (name === "img") media.push({ kind: "image", detail: "" });
  else if (name === "video") media.push({ kind: "video", detail: "" });
  else if (name === "audio") media.push({ kind: "voice", detail: "" });
  else if (name === "a" && /(?:^|\/)attachments\/|\/Attachments\//.test(source)) {
    const file = source.split("/").at(-1)!;
    const kind = kindOfFile(file);
    media.push({ kind, detail: kind === "file" ? decodeURIComponentSafely(file) : "" });
  }
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
