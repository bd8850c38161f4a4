import { connect, type Socket } from "node:net";

/** For tests: a connection on loopback that has said a text; it never throws. */
export function opened(port: number, text: string | Uint8Array): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(text);
  return socket;
}

/** For tests: all that a connection hears until the other side closes it. */
export async function heard(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(chunks).toString();
}
