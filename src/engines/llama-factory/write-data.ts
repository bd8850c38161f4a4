import { join } from "node:path";
import { writeJson } from "../../files.js";
import type { Row, TrainingData } from "./training-data.js";

const STAGE = "train";

/** Names of the data sets. */
export const TRAINING = "wechat_info_train";
export const HELD_OUT = "wechat_info_heldout";

/**
 * Writes the rows and `dataset_info.json`, as LLaMA-Factory 0.9.5 reads them, and `samples.json`, which the plug holds
 * against what LLaMA-Factory makes of them.
 *
 * @param folder the prepared folder; data goes into `data/`, where LLaMA Board looks
 */
export async function writeData(folder: string, data: TrainingData): Promise<void> {
  const { rows, heldOut, expected } = data;
  const inside = join(folder, "data");
  await writeJson(join(inside, `${TRAINING}.json`), STAGE, rows);
  if (heldOut.length > 0) await writeJson(join(inside, `${HELD_OUT}.json`), STAGE, heldOut);
  await writeJson(join(inside, "dataset_info.json"), STAGE, {
    [TRAINING]: entry(TRAINING, data),
    ...(heldOut.length > 0 && { [HELD_OUT]: entry(HELD_OUT, data) }),
  });
  await writeJson(join(folder, "samples.json"), STAGE, expected);
}

/** Complete, as whatever is not named would be null instead of its default; ASCII, as it is read in the system's encoding. */
function entry(name: string, { columns, ranking }: TrainingData): Row {
  return {
    file_name: `${name}.json`,
    formatting: "sharegpt",
    ...(ranking && { ranking }),
    columns,
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
