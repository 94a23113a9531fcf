import type { ModelCache } from './model-cache.ts';
import type { TextStore } from './text-store.ts';

/** What differs between Node and browsers in storing and loading. The import map of package.json chooses. */
export interface StoragePlatform {
  /**
   * @param folder - undefined for the usual place
   * @returns undefined if nothing can be stored here
   * @throws WeightsError with code `argument` for a folder that this platform cannot have
   */
  openCache(folder: string | URL | undefined): Promise<ModelCache | undefined>;
  openTexts(folder: string): TextStore;
  /** Whether to go on in memory where nobody chose a cache and the usual one fails. */
  readonly fallsBackToMemory: boolean;
  /** `SAMGPU_MODEL_BASE`, where there are environment variables. */
  modelBase(): string | undefined;
  /** @throws TypeError if the text is not the address of anything */
  toUrl(text: string): URL;
  /** Go with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the rules for requests to other sites (CORS) hold for this address. */
  isForeign(url: URL): boolean;
}
