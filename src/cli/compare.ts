import type { Command } from "./command.js";
import { showOutcome } from "./outcome.js";
import { stageCommand } from "./stage-command.js";

/** `kouwen compare`. */
export const compareCommand: Command = stageCommand("compare", showOutcome);
