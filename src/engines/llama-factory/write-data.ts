import { join } from "node:path";
import { writeJson } from "../../files.js";
import type { Sample } from "../../train/sample.js";
import type { Conversation } from "./conversations.js";

const STAGE = "train";

/** Names of the data sets. */
export const TRAINING = "wechat_info_train";
export const HELD_OUT = "wechat_info_heldout";

/**
 * Writes the conversations and `dataset_info.json`, as LLaMA-Factory 0.9.5 reads them, and `samples.json`, which the
 * plug holds against what LLaMA-Factory makes of them.
 *
 * @param folder the prepared folder; data goes into `data/`, where LLaMA Board looks
 */
export async function writeData(
  folder: string,
  training: { conversations: Conversation[]; samples: readonly Sample[] },
  heldOut: Conversation[],
): Promise<void> {
  const data = join(folder, "data");
  await writeJson(join(data, `${TRAINING}.json`), STAGE, training.conversations);
  if (heldOut.length > 0) await writeJson(join(data, `${HELD_OUT}.json`), STAGE, heldOut);
  await writeJson(join(data, "dataset_info.json"), STAGE, {
    [TRAINING]: entry(TRAINING),
    ...(heldOut.length > 0 && { [HELD_OUT]: entry(HELD_OUT) }),
  });
  await writeJson(
    join(folder, "samples.json"),
    STAGE,
    training.samples.map(({ ids, weights }) => ({
      ids: [...ids],
      labels: Array.from(ids, (id, at) => (weights[at]! > 0 ? id : -100)),
    })),
  );
}

/** Complete, as whatever is not named would be null instead of its default; ASCII, as it is read in the system's encoding. */
function entry(name: string): Record<string, unknown> {
  return {
    file_name: `${name}.json`,
    formatting: "sharegpt",
    columns: { messages: "messages" },
    tags: {
      role_tag: "role",
      content_tag: "content",
      user_tag: "user",
      assistant_tag: "assistant",
      observation_tag: "observation",
      function_tag: "function_call",
      system_tag: "system",
    },
  };
}
