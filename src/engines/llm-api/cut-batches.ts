/** OpenAI's and DashScope's limit. */
const MOST_REQUESTS = 50_000;
/** OpenAI's limit is 200 MB. */
const MOST_BYTES = 190_000_000;

/**
 * Requests in as few batches as the limits allow, in their order.
 *
 * @param bytesOf how long a request's line is
 */
export function cutBatches<Request>(
  requests: ReadonlyMap<string, Request>,
  bytesOf: (id: string, request: Request) => number,
  limits: { requests: number; bytes: number } = { requests: MOST_REQUESTS, bytes: MOST_BYTES },
): Map<string, Request>[] {
  const batches: Map<string, Request>[] = [];
  let bytes = 0;
  for (const [id, request] of requests) {
    const more = bytesOf(id, request);
    const last = batches.at(-1);
    if (last && last.size < limits.requests && bytes + more <= limits.bytes) {
      last.set(id, request);
      bytes += more;
    } else {
      batches.push(new Map([[id, request]]));
      bytes = more;
    }
  }
  return batches;
}
