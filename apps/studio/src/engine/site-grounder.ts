import type { Grounder } from 'samgpu';

/** A file beside the page that is there at once or of no use. */
const PATIENCE = 5000;

/**
 * What finds things by words, where whoever hosts the site has named it in `grounder.json`:
 * `{ "address": "…", "name": "…" }`, the address relative to the page. The page's policy lets it ask its
 * own site alone.
 *
 * @returns undefined where there is none
 */
export async function siteGrounder(page: URL): Promise<Grounder | undefined> {
  const response = await fetch(new URL('grounder.json', page), {
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { address, name } = (await response.json()) as { address?: unknown; name?: unknown };
  if (typeof address !== 'string') return undefined;
  const { httpGrounder } = await import('@samgpu/text');
  return httpGrounder(new URL(address, page), { ...(typeof name === 'string' && { name }) });
}
