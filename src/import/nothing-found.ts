import { type KouwenError, MalformedInput, Unsupported } from "../errors.js";
import type { Skipped } from "./find-files.js";
import { sources } from "./sources/registry.js";
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
    const what = `no message in ${files.length} chat files`;
    return new MalformedInput(
      `import inputs: ${what} (${shown.join("; ")}${more}). Export the chats again.`,
      { stage: "import" },
    );
  }
  const known = sources.map(({ label }) => label).join(", ");
  return new Unsupported(
    `import inputs: no chat export among ${skipped.length} files (${shown.join("; ")}${more}). Known: ${known}.`,
    { stage: "import" },
  );
}
