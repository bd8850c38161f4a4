import type { Command } from "./command.js";
import { stageCommand } from "./stage-command.js";

/** `kouwen dialogue`. */
export const dialogueCommand: Command = stageCommand("dialogue");
