import { MalformedInput } from "../errors.js";
import { flagsOf } from "./arguments.js";
import type { Flag } from "./command.js";
import { stageNames, stageNamed } from "./stage-command.js";

/** A comma after which another setting begins; other commas belong to the value. */
const NEXT = /,(?=\w+\.[\w-]+=)/;

/** `--set train.epochs=3`: any setting of any stage. */
export const settingFlags: Record<"set", Flag> = {
  set: {
    kind: "repeated",
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
  const given = (flags["set"] as string[] | undefined) ?? [];
  for (const part of given.flatMap((one) => one.split(NEXT))) {
    const [, stage, spelt, text] = /^(\w+)\.([\w-]+)=(.*)$/s.exec(part) ?? [];
    const key = spelt?.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
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
    const { schema } = stageNamed(stage);
    if (!(key in schema.shape)) {
      const names = Object.keys(schema.shape).join(", ");
      throw new MalformedInput(`run --set: ${stage} has no setting "${key}" (${names}).`, { stage: "run" });
    }
    settings[stage] = { ...settings[stage], [key]: parseValue(text, flagsOf(schema)[key]?.kind) };
  }
  return settings;
}

/** What the flag of that kind would have made of it, or a JSON value. The stage's schema has the last word. */
function parseValue(text: string, kind: Flag["kind"] | undefined): unknown {
  if (kind === "string") return text;
  if (kind === "list" && !text.startsWith("[")) return text === "" ? [] : text.split(",");
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
