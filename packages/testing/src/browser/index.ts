export { buildPage, SOURCE_CONDITIONS } from './built-page.ts';
export { browserHint, isBrowserMissing, launchBrowser, SOFTWARE_WEBGPU } from './chromium.ts';
export { findingsOn } from './findings.ts';
export { mediaTypeOf, ORIGIN, serveFolder } from './serve-folder.ts';
