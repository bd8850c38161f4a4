import { type Kind, placeholder } from "../../kinds.js";
import { type Fields, fieldsOf, textOf } from "../fields.js";
import { mediaKindOfMime } from "../media-kind.js";
import type { SlackDirectory } from "./slack-directory.js";

/** What a message says: its kind, its words or placeholder, and whether they are somebody else's. */
export type Said = { kind: Kind; text: string; forwarded?: true };

/**
 * What a message of Slack's says: its text with names for ids, or the placeholder of the files sent with it.
 *
 * Words of somebody else that were passed on are in `attachments` with `is_share`.
 */
export function slackContent(message: Fields, directory: SlackDirectory): Said {
  const words = slackText(textOf(message["text"]), directory);
  const files = fieldsOf(message["files"]);
  if (files.length > 0) {
    const kind = kindOfFile(files[0]!);
    const names = kind === "file" ? files.map(({ name, title }) => textOf(name) || textOf(title)) : [];
    const detail = [...names, words].filter((part) => part !== "").join(" ");
    return { kind, text: placeholder(kind, detail) };
  }
  if (words !== "") return { kind: "text", text: words };
  const [attachment] = fieldsOf(message["attachments"]);
  if (!attachment) return { kind: "unknown", text: placeholder("unknown") };
  const passedOn = slackText(textOf(attachment["text"]), directory);
  if (attachment["is_share"] === true && passedOn !== "")
    return { kind: "text", text: passedOn, forwarded: true };
  const title = slackText(textOf(attachment["title"]) || textOf(attachment["fallback"]), directory);
  return { kind: "link", text: placeholder("link", title) };
}

function kindOfFile(file: Fields) {
  if (file["subtype"] === "slack_audio") return "voice";
  return file["subtype"] === "slack_video" ? "video" : mediaKindOfMime(textOf(file["mimetype"]));
}

/**
 * Slack's mark-up as people saw it: `<@U1>` is `@name`, `<url|label>` its label; `&amp;`, `&lt;` and `&gt;` are the
 * only characters that are escaped. Stars and underscores stay as they were typed.
 *
 * @source Slack API, Formatting text for app surfaces
 */
export function slackText(text: string, { users, channels }: SlackDirectory): string {
  const named = text.replace(/<([^<>]+)>/g, (_, inner: string) => {
    const bar = inner.indexOf("|");
    const target = bar < 0 ? inner : inner.slice(0, bar);
    const label = bar < 0 ? "" : inner.slice(bar + 1);
    const id = target.slice(1);
    if (target.startsWith("@")) return `@${users.get(id) ?? (label || id)}`;
    if (target.startsWith("#")) return `#${label || textOf(channels.get(id)?.["name"]) || id}`;
    if (target.startsWith("!")) return label || `@${id.split("^")[0]}`;
    return label || target;
  });
  return named.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Names and ids of everybody a text addresses. */
export function slackMentions(text: string, { users }: SlackDirectory): string[] {
  if (!text.includes("<@")) return [];
  return [...text.matchAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g)].flatMap(([, id = ""]) => [
    users.get(id) ?? id,
    id,
  ]);
}
