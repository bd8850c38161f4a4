import { MalformedInput } from "../errors.js";
import type { Flag } from "./command.js";
import { stageNames, stageNamed } from "./stage-command.js";

/** `--set train.epochs=3`: any setting of any stage. */
export const settingFlags: Record<"set", Flag> = {
  set: {
    kind: "list",
    hint: "stage.setting=value",
    describe: "any setting of any stage, such as train.epochs=3; may be given several times",
  },
};

/**
 * The settings in `--set`, by stage.
 *
 * @throws {MalformedInput} not `stage.setting=value`, or no such stage or setting
 */
export function stageSettings(flags: Record<string, unknown>): Record<string, Record<string, unknown>> {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const part of (flags["set"] as string[] | undefined) ?? []) {
    const [, stage, key, text] = /^(\w+)\.(\w+)=(.*)$/.exec(part) ?? [];
    if (stage === undefined || key === undefined || text === undefined) {
      throw new MalformedInput(`run --set: "${part}" is not stage.setting=value. See kouwen run --help.`, {
        stage: "run",
      });
    }
    if (!stageNames().includes(stage)) {
      throw new MalformedInput(`run --set: there is no stage "${stage}" (${stageNames().join(", ")}).`, {
        stage: "run",
      });
    }
    const known = stageNamed(stage).schema.shape;
    if (!(key in known)) {
      const names = Object.keys(known).join(", ");
      throw new MalformedInput(`run --set: ${stage} has no setting "${key}" (${names}).`, { stage: "run" });
    }
    settings[stage] = { ...settings[stage], [key]: parseValue(text) };
  }
  return settings;
}

/** A number, true, false or a JSON array as such; everything else is text. The stage's schema has the last word. */
function parseValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? text : value;
  } catch {
    return text;
  }
}
