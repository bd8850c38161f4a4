import type { Command } from "./command.js";
import { stageCommand } from "./stage-command.js";

/** `kouwen quantize`. */
export const quantizeCommand: Command = stageCommand("quantize");
