import { EnvHttpProxyAgent, fetch as fetchWith } from "undici";

/** The variables that name a proxy, in the order in which undici's agent prefers them. */
const HTTP = ["http_proxy", "HTTP_PROXY"];
const HTTPS = ["https_proxy", "HTTPS_PROXY"];
const NONE = ["no_proxy", "NO_PROXY"];

/** The `fetch` that goes through the proxies of the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`), if it has any. */
export function proxiedFetch(env: NodeJS.ProcessEnv): typeof fetch {
  const httpProxy = first(env, HTTP);
  const httpsProxy = first(env, HTTPS);
  if (httpProxy === undefined && httpsProxy === undefined) return fetch;
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: httpProxy ?? "",
    httpsProxy: httpsProxy ?? httpProxy ?? "",
    noProxy: first(env, NONE) ?? "",
  });
  // undici's own fetch, because Node's may be of another version than this agent.
  return ((input: string | URL, init?: object) => fetchWith(input, { ...init, dispatcher })) as typeof fetch;
}

function first(env: NodeJS.ProcessEnv, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]?.trim()).find((value) => value);
}
