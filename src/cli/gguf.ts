import type { Command } from "./command.js";
import { stageCommand } from "./stage-command.js";

/** `kouwen gguf`. */
export const ggufCommand: Command = stageCommand("gguf");
