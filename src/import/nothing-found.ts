import { type KouwenError, MalformedInput, Unsupported } from "../errors.js";
import type { Skipped } from "./find-files.js";
import { PLATFORMS } from "./platforms.js";
import type { SpooledFile } from "./spool-files.js";

/** The one error for an import without any message: what is wrong with the first files. */
export function nothingFound(files: readonly SpooledFile[], skipped: readonly Skipped[]): KouwenError {
  const reasons =
    files.length > 0
      ? files.map(({ file, segment: { tail } }) => {
          const [problem] = tail.problems;
          return `${file.label}: ${problem ? `${problem.place}: ${problem.what}` : "an empty list"}`;
        })
      : skipped.map(({ file, why }) => `${file}: ${why}`);
  const shown = reasons.slice(0, 3).map((reason) => reason.replace(/\.$/, ""));
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more` : "";
  if (files.length > 0) {
    return new MalformedInput(
      `import inputs: no message in ${count(files.length, "chat file")} (${shown.join("; ")}${more}). Mend that, or export the chats again.`,
      { stage: "import" },
    );
  }
  const known = Object.values(PLATFORMS).filter((name) => name !== "");
  return new Unsupported(
    `import inputs: no chat export in ${count(skipped.length, "file")} (${shown.join("; ")}${more}). Known are exports of ${known.join(", ")}, and training data; docs/import.md lists them.`,
    { stage: "import" },
  );
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}
