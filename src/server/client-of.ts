import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

const MOST_CHARACTERS = 200;

/**
 * Who asks, as far as it can be told: so that programs, pages and people take turns with a model. It guards nothing, as
 * a client may say what it likes.
 *
 * @param user whom the client says it asks for
 */
export function clientOf({ env, req }: Context, user?: string | null): string {
  const { incoming } = (env ?? {}) as Partial<HttpBindings>;
  // Open WebUI asks for all its people from one address.
  const person = user ?? req.header("x-openwebui-user-id");
  const known = [incoming?.socket.remoteAddress, req.header("origin"), req.header("user-agent"), person];
  return JSON.stringify(known.map((each) => each?.slice(0, MOST_CHARACTERS)));
}
