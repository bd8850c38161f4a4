/** GPT-2's pattern, which ByteLevel applies where `use_regex` is set. @source GPT-2 encoder.py */
const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/**
 * The same pre-tokenizer for @huggingface/tokenizers 0.2.0 as Hugging Face's own library applies it; otherwise training
 * and llama.cpp would see other tokens. Digits are all of Unicode's there (`½` and `Ⅷ` too), not 0 to 9. GPT-2's pattern
 * counts U+0085 as a space and U+FEFF as none; JavaScript's `\s` means the opposite, and only patterns that a file
 * spells out are rewritten by the library.
 */
export function splitAsHuggingFace(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(splitAsHuggingFace);
  if (part === null || typeof part !== "object") return part;
  const { type } = part as { type?: unknown };
  if (type === "Digits") {
    const each = (part as { individual_digits?: unknown }).individual_digits === true;
    return split(each ? "\\p{N}" : "\\p{N}+");
  }
  if (type === "ByteLevel") {
    const byteLevel = part as { use_regex?: unknown; add_prefix_space?: unknown };
    // The space is put in front before the pattern is applied, so that such a one cannot be taken apart.
    if (byteLevel.use_regex === false || byteLevel.add_prefix_space === true) return part;
    return { type: "Sequence", pretokenizers: [split(GPT2), { ...byteLevel, use_regex: false }] };
  }
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, splitAsHuggingFace(inner)]));
}

function split(regex: string): object {
  return { type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false };
}
