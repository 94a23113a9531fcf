/** The lines of a body as they arrive, without empty ones. */
export async function* linesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const parts = decoder.decode(value, { stream: !done }).split('\n');
      for (const part of parts.slice(0, -1)) {
        const line = [...rest, part].join('');
        rest = [];
        if (line !== '') yield line;
      }
      rest.push(parts.at(-1)!);
      if (done) break;
    }
    const last = rest.join('');
    if (last !== '') yield last;
  } finally {
    // Whoever leaves early does not want the rest.
    await reader.cancel().catch(() => undefined);
  }
}
