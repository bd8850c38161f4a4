import { Parser } from "htmlparser2";

/** One message of a page, as it stands there. */
export type PageMessage = {
  notice: boolean;
  own: boolean;
  name: string;
  account: string;
  time: string;
  type: string;
  /** Texts, one a line of the bubble: of a link the title and what is said about it. */
  texts: string[];
  /** What is quoted, within 「」; empty without. */
  quoted: string;
  title: string;
  /** Which media the bubble shows. */
  media: string;
};

/** Parts of a bubble whose text is kept apart. */
type Part = "name" | "time" | "text" | "quoted" | "title";

/** Classes and elements that open a part; a page of an older version has `name-left` and no `msg-text`. */
function partOf(element: string, classes: readonly string[]): Part | undefined {
  if (classes.includes("refermsg")) return "quoted";
  if (classes.includes("msg-text") || classes.includes("dont-break-out")) return "text";
  if (classes.includes("dspname") || classes.some((one) => one.startsWith("name-"))) return "name";
  if (classes.includes("nt-box") || classes.includes("ntBox")) return "time";
  return element === "b" ? "title" : undefined;
}

/** Reads WechatExporter's pages, also in pieces, and the parts of pages in its scripts. */
export class PageReader {
  /** The messages that are whole, in order; the reader's user takes them away. */
  readonly messages: PageMessage[] = [];
  #message: PageMessage | undefined;
  /** The part that each open element within the message belongs to. */
  #open: (Part | undefined)[] = [];
  readonly #parser = new Parser({
    onopentag: (name, attributes) => this.#opened(name, attributes),
    ontext: (text) => this.#said(text),
    onclosetag: (name) => this.#closed(name),
  });

  push(html: string): void {
    this.#parser.write(html);
  }

  end(): void {
    this.#parser.end();
  }

  #opened(element: string, attributes: Record<string, string>): void {
    const classes = (attributes["class"] ?? "").split(/\s+/);
    const message = this.#message;
    if (!message) {
      if (element === "div" && classes.includes("msg") && attributes["msgid"] !== undefined)
        this.#start(classes, attributes);
      return;
    }
    const part = partOf(element, classes);
    if (part === "text") message.texts.push("");
    if (part === "name") message.account = attributes["wxid"] ?? "";
    if (element === "br") this.#said("\n");
    else if (element === "img" && this.#part() === "text")
      this.#said(attributes["alt"] ?? attributes["title"] ?? "");
    else if (element === "audio" || element === "video") message.media = element;
    else if (element === "img" && classes.includes("image")) message.media = "img";
    this.#open.push(part ?? this.#part());
  }

  #start(classes: readonly string[], attributes: Record<string, string>): void {
    const notice = classes.includes("chat-notice");
    const own = classes.includes("right") || classes.includes("chat-right");
    const type = attributes["msgtype"] ?? "";
    this.#message = {
      notice,
      own,
      name: "",
      account: "",
      time: "",
      type,
      texts: [],
      quoted: "",
      title: "",
      media: "",
    };
    this.#open = [];
  }

  #part(): Part | undefined {
    return this.#open.at(-1);
  }

  #said(text: string): void {
    const message = this.#message;
    const part = this.#part();
    if (!message || part === undefined) return;
    if (part !== "text") message[part] += text;
    else message.texts[message.texts.length - 1] += text;
  }

  #closed(element: string): void {
    if (!this.#message) return;
    if (this.#open.length > 0) {
      // The parser closes what was left open before, so that this is the last one.
      this.#open.pop();
      return;
    }
    if (element === "div") {
      this.messages.push(this.#message);
      this.#message = undefined;
    }
  }
}
