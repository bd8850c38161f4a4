/** A reply, and the words it answers; their author's name is left out. */
export type Quoting = { text: string; quoted: string };

/**
 * The reply and the quoted words that an exporter put into one text:
 *
 * - MemoTrace: `reply\n引用：name: words`; version 2 as text: `reply\n引用:name:words`
 * - PyWxDump: `reply\n\n[引用](time)name:words`
 * - WeFlow and EchoTrace: `reply[引用 name：words]`
 * - chatlog: `> name(wxid) time\n> words\nreply`
 * - WechatExporter, and WeChat where it copies a quote: `「name：words」\n- - - - - -\nreply`
 *
 * @returns undefined if it is none of these
 */
export function cutQuote(text: string): Quoting | undefined {
  return cutBehind(text) ?? cutBefore(text);
}

/** Quotes that follow the reply. */
export function cutBehind(text: string): Quoting | undefined {
  const linked = text.indexOf("[引用](");
  if (linked === 0 || (linked > 0 && text[linked - 1] === "\n")) {
    const end = text.indexOf(")", linked);
    if (end !== -1) return quoting(text.slice(0, linked), text.slice(end + 1));
  }
  const line = /(?:^|\n)引用[：:]/.exec(text);
  if (line) return quoting(text.slice(0, line.index), text.slice(line.index + line[0].length));
  const bracket = text.indexOf("[引用 ");
  if (bracket !== -1 && text.trimEnd().endsWith("]"))
    return quoting(text.slice(0, bracket), text.trimEnd().slice(bracket + 4, -1));
  return undefined;
}

/** Quotes that the reply follows. */
export function cutBefore(text: string): Quoting | undefined {
  if (text.startsWith("> ")) {
    const lines = text.split("\n");
    const end = lines.findIndex((line) => !line.startsWith(">"));
    const quotedLines = end === -1 ? lines : lines.slice(0, end);
    const words = quotedLines.slice(1).map((line) => line.replace(/^> ?/, ""));
    return { text: end === -1 ? "" : lines.slice(end).join("\n").trim(), quoted: words.join("\n").trim() };
  }
  if (text.startsWith("「")) {
    const rule = /」[ \t\r]*\n[ \t]*-[- \t\r]{2,}(?:\n|$)/.exec(text);
    if (rule) {
      const reply = text.slice(rule.index + rule[0].length).trim();
      return { text: reply, quoted: withoutName(text.slice(1, rule.index)) };
    }
  }
  return undefined;
}

function quoting(reply: string, quoted: string): Quoting {
  const words = withoutName(quoted);
  // MemoTrace's word for a quote that it could not read.
  return { text: reply.trim(), quoted: words === "未知" ? "" : words };
}

/** The words behind `name: `, `name:` or `name：`; a name holds no line break and is not long. */
export function withoutName(quoted: string): string {
  const colon = quoted.search(/[:：]/);
  const named = colon !== -1 && colon <= LONGEST_NAME && !quoted.slice(0, colon).includes("\n");
  return (named ? quoted.slice(colon + 1) : quoted).trim();
}

const LONGEST_NAME = 64;
