import { readJson } from "../files.js";
import { artifactPath } from "../project/paths.js";
import { formatTypes } from "../quantize/format-types.js";
import type { QuantizedFile } from "../quantize/quantize.js";
import type { Command } from "./command.js";
import { stageCommand } from "./stage-command.js";

/** `kouwen quantize`: also shows the type that each tensor really got. */
export const quantizeCommand: Command = stageCommand("quantize", async (project, _results, io) => {
  const { files, tensors } = (await readJson(artifactPath(project, "quantizeReport"), "quantize")) as {
    files: QuantizedFile[];
    tensors: Record<string, Record<string, string>>;
  };
  const text = files.flatMap(({ file, sizeMb, bitsPerWeight }) => [
    `${file}: ${sizeMb} MB, ${bitsPerWeight} bits a weight`,
    ...formatTypes(tensors[file] ?? {}).map((line) => `  ${line}`),
  ]);
  io.result({ project, files, tensors }, text.join("\n"));
});
