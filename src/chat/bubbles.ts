/** The lines of a reply, each as soon as it is complete, without white space around it; empty ones are left out. */
export async function* bubbles(stream: AsyncIterable<string>): AsyncGenerator<string, void> {
  let open = "";
  for await (const text of stream) {
    const lines = (open + text).split("\n");
    open = lines.pop()!;
    for (const line of lines) if (line.trim() !== "") yield line.trim();
  }
  if (open.trim() !== "") yield open.trim();
}
