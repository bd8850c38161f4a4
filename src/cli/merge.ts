import type { Command } from "./command.js";
import { stageCommand } from "./stage-command.js";

/** `kouwen merge`. */
export const mergeCommand: Command = stageCommand("merge");
