/** What a log says when something known went wrong, and the words for it; the first that matches counts. */
const CAUSES: readonly [RegExp, string][] = [
  [
    /OutOfMemoryError|CUDA out of memory|DefaultCPUAllocator: (?:can't|not enough)|MemoryError|Cannot allocate memory/i,
    "out of memory; lower --max-tokens, --batch-replies or --rank, or choose a smaller base",
  ],
  [/No space left on device|ENOSPC|Errno 28\b/i, "no space left on the disk; free some and run again"],
  [/Cannot find valid samples/i, "no valid samples among the dialogues; run kouwen dialogue --fresh"],
  [
    /kouwen: sample \d+ has other tokens or labels/,
    "a sample has other tokens or labels than Kouwen's; choose --engine embedded",
  ],
  [/kouwen: \d+ samples instead of \d+/, "another number of samples than Kouwen's; choose --engine embedded"],
  [/EADDRINUSE|Address already in use/i, "the master's port is taken; name another with --master"],
  [
    /No module named ['"](deepspeed|ray|bitsandbytes|vllm)['"]|requires the `?(deepspeed|ray|bitsandbytes)/i,
    "a package for this option is not installed; install it into LLaMA-Factory's environment",
  ],
  [
    /ModuleNotFoundError|ImportError|VersionConflict|is required for a normal functioning/,
    "versions of its packages clash; run kouwen setup llamafactory --fresh",
  ],
  [
    /Some specified arguments are not used/,
    "it does not know one of its settings; run kouwen setup llamafactory --fresh",
  ],
];

/**
 * The cause of a failure in one phrase with the next step, from the program's own output; undefined if unknown. Nothing
 * of the output is repeated, as it may hold chat text.
 */
export function failureCause(output: string): string | undefined {
  return CAUSES.find(([pattern]) => pattern.test(output))?.[1];
}
