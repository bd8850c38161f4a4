import { readJsonValues } from "../../reading/json.js";
import { type Fields, isFields, textOf } from "../fields.js";
import type { ChatFile, Conversation, ReadContext } from "../source.js";

/** Who and what the ids in messages are. */
export type SlackDirectory = {
  /** Display names by user id. */
  users: ReadonlyMap<string, string>;
  /** Channels, groups and direct messages by name and by id. */
  channels: ReadonlyMap<string, Fields>;
};

const USER_FILES = ["users.json", "org_users.json"];
const CHANNEL_FILES = ["channels.json", "groups.json", "dms.json", "mpims.json"];

/** Files of an export that hold no messages but names, and lists that are of no use here. */
export const SLACK_COMPANIONS: ReadonlySet<string> = new Set([
  ...USER_FILES,
  ...CHANNEL_FILES,
  "integration_logs.json",
  "canvases.json",
  "lists.json",
  "file_conversations.json",
]);

/** An export has a file for every day of a channel; the lists are read for the first of them only. */
const known = new WeakMap<ChatFile, Promise<SlackDirectory>>();

/** Names from the lists that lie beside the channels' folders; empty where the export lacks them. */
export async function slackDirectory(context: ReadContext): Promise<SlackDirectory> {
  const [channelFiles, userFiles] = [CHANNEL_FILES, USER_FILES].map((names) =>
    names.flatMap((name) => context.near(name) ?? []),
  );
  const [key] = [...channelFiles!, ...userFiles!];
  if (!key) return { users: new Map(), channels: new Map() };
  const directory = known.get(key) ?? readDirectory(channelFiles!, userFiles!);
  known.set(key, directory);
  return directory;
}

async function readDirectory(
  channelFiles: readonly ChatFile[],
  userFiles: readonly ChatFile[],
): Promise<SlackDirectory> {
  const users = new Map<string, string>();
  for (const user of await listed(userFiles)) {
    const profile = isFields(user["profile"]) ? user["profile"] : {};
    const names = [profile["display_name"], profile["real_name"], user["real_name"], user["name"]];
    const name = names.map(textOf).find((one) => one !== "");
    if (name !== undefined) users.set(textOf(user["id"]), name);
  }
  const channels = new Map<string, Fields>();
  for (const channel of await listed(channelFiles)) {
    const keys = [textOf(channel["id"]), textOf(channel["name"])];
    for (const key of keys) if (key !== "") channels.set(key, channel);
  }
  return { users, channels };
}

/** The chat that a folder holds: a channel by its name, direct messages by their id and called after their members. */
export function slackConversation(folder: string, { users, channels }: SlackDirectory): Conversation {
  const channel = channels.get(folder);
  const id = textOf(channel?.["id"]);
  const members = Array.isArray(channel?.["members"]) ? channel["members"].map(textOf) : [];
  const isDirect = /^D[A-Z0-9]{6,}$/.test(id || folder);
  const isDirectGroup = folder.startsWith("mpdm-");
  if (channel && (isDirect || isDirectGroup)) {
    const name = members.map((member) => users.get(member) ?? member).join(", ");
    return { id, name: name || folder, group: isDirectGroup };
  }
  const name = isDirect || isDirectGroup ? folder : `#${folder}`;
  return { id: id || (isDirect ? folder : null), name, group: !isDirect };
}

async function listed(files: readonly ChatFile[]): Promise<Fields[]> {
  const list: Fields[] = [];
  for (const file of files) {
    try {
      for await (const found of readJsonValues(file, ["*"]))
        if (found.kind === "value" && isFields(found.value)) list.push(found.value);
    } catch {
      // Without the rest of a damaged list the messages are still of use.
    }
  }
  return list;
}
