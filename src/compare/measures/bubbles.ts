/** The bubbles of a reply: its lines that hold anything. */
export function bubbles(reply: string): string[] {
  return reply
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
