/** What an element looks like unless a page says otherwise. */
export const STYLE_SHEET = `
:host {
  --_include: var(--sam-include-color, #2f81f7);
  --_exclude: var(--sam-exclude-color, #f4604c);
  --_focus: var(--sam-focus-color, #2f81f7);
  --_surface: var(--sam-surface-color, #16181dd9);
  --_text: var(--sam-text-color, #f4f5f7);
  --_handle: var(--sam-handle-size, 18px);
  display: block;
  position: relative;
  overflow: hidden;
  background: var(--sam-background, #1b1d22);
  font: var(--sam-font, 500 13px/1.4 system-ui, sans-serif);
  contain: content;
  -webkit-tap-highlight-color: transparent;
}
:host([hidden]) { display: none; }
.frame { position: absolute; inset: 0; overflow: hidden; user-select: none; -webkit-user-select: none; }
canvas { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; pointer-events: none; }
.overlay { position: absolute; inset: 0; pointer-events: none; }
.stage {
  position: absolute; inset: 0; outline: none; touch-action: none; cursor: crosshair;
}
.frame[data-tool='pan'] .stage { cursor: grab; }
.frame[data-tool='pan'][data-busy] .stage { cursor: grabbing; }
.frame[data-tool='none'] .stage { cursor: auto; touch-action: auto; }
.frame[data-waiting] .stage { cursor: progress; }
.focus {
  position: absolute; inset: 0; pointer-events: none; border-radius: inherit;
  box-shadow: inset 0 0 0 2px var(--_focus), inset 0 0 0 4px #fffc; opacity: 0;
}
.frame:not([data-pointed]) > .stage:focus-visible ~ .focus { opacity: 1; }
svg { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; pointer-events: none; overflow: visible; }
svg * { vector-effect: non-scaling-stroke; fill: none; stroke-linejoin: round; stroke-linecap: round; }
.under { stroke: #000; stroke-opacity: .45; stroke-width: 4px; }
.over { stroke: var(--_include); stroke-width: 2px; }
[data-label='exclude'] > .over { stroke: var(--_exclude); }
[data-kind='scribble'] > .under { stroke-width: 9px; stroke-opacity: .25; }
[data-kind='scribble'] > .over { stroke-width: 6px; stroke-opacity: .8; }
.grip { stroke: transparent; stroke-width: 14px; pointer-events: stroke; cursor: move; }
.closing { stroke-dasharray: 4 5; stroke-opacity: .7; }
.handles { position: absolute; inset: 0; pointer-events: none; }
.handle {
  position: absolute; inset: 0 auto auto 0; box-sizing: border-box; inline-size: var(--_handle); block-size: var(--_handle);
  margin: calc(var(--_handle) / -2) 0 0 calc(var(--_handle) / -2); padding: 0; border: 2px solid #fff;
  border-radius: 50%; background: var(--_include); color: #fff; cursor: grab; pointer-events: auto;
  box-shadow: 0 0 0 1px #0006, 0 1px 4px #0007; appearance: none; touch-action: none; outline: none;
  transition: scale .12s ease-out;
}
.handle::before, .handle::after {
  content: ''; position: absolute; inset: 0; margin: auto; inline-size: 8px; block-size: 2px;
  border-radius: 1px; background: currentColor;
}
.handle[data-label='include'][data-part='point']::after { rotate: 90deg; }
.handle[data-label='exclude'] { background: var(--_exclude); }
.handle[data-part='remove'] { background: #2b2f36; --_handle: 20px; cursor: pointer; }
.handle[data-part='remove']::before { rotate: 45deg; }
.handle[data-part='remove']::after { rotate: -45deg; }
.handle.corner { --_handle: 12px; border-radius: 3px; background: #fff; border: 2px solid var(--_include); }
.handle.corner::before, .handle.corner::after { display: none; }
.handle[data-part='nw'], .handle[data-part='se'] { cursor: nwse-resize; }
.handle[data-part='ne'], .handle[data-part='sw'] { cursor: nesw-resize; }
.handle:hover, .handle[data-near] { scale: 1.2; }
.handle:focus-visible { box-shadow: 0 0 0 2px #fff, 0 0 0 4px var(--_focus); }
.handle[data-held] { cursor: grabbing; scale: 1.25; }
/* What a finger can hit is larger than what is drawn. */
.handle > i { position: absolute; inset: -6px; border-radius: 50%; }
@media (pointer: coarse) { .handle > i { inset: -14px; } }
.cursor { position: absolute; inset: 0 auto auto 0; inline-size: 0; block-size: 0; pointer-events: none; color: #fff; filter: drop-shadow(0 0 1px #000) drop-shadow(0 0 2px #000a); }
.cursor[hidden] { display: none; }
.cursor::before, .cursor::after { content: ''; position: absolute; background: currentColor; }
.cursor::before { inline-size: 29px; block-size: 1.5px; translate: -50% -50%; -webkit-mask: linear-gradient(90deg, #000 40%, #0000 40% 60%, #000 60%); mask: linear-gradient(90deg, #000 40%, #0000 40% 60%, #000 60%); }
.cursor::after { inline-size: 1.5px; block-size: 29px; translate: -50% -50%; -webkit-mask: linear-gradient(#000 40%, #0000 40% 60%, #000 60%); mask: linear-gradient(#000 40%, #0000 40% 60%, #000 60%); }
.cursor > i { position: absolute; inline-size: 5px; block-size: 5px; border-radius: 50%; translate: -50% -50%; background: var(--_include); }
.cursor[data-label='exclude'] > i { background: var(--_exclude); }
.status, .error {
  position: absolute; inset-inline: 0; margin-inline: auto; inline-size: fit-content; max-inline-size: calc(100% - 24px);
  box-sizing: border-box; padding: 7px 14px; border-radius: 10px; color: var(--_text); background: var(--_surface);
  box-shadow: 0 2px 12px #0005; backdrop-filter: blur(8px);
}
.status { inset-block-end: 14px; pointer-events: none; display: flex; align-items: center; gap: 10px; animation: appear .2s .15s both; }
.status[hidden], .error[hidden] { display: none; }
.status::before {
  content: ''; inline-size: 12px; block-size: 12px; flex: none; border-radius: 50%; border: 2px solid currentColor;
  border-inline-start-color: transparent; animation: turn .8s linear infinite;
}
progress { appearance: none; inline-size: 96px; block-size: 4px; border: 0; border-radius: 2px; overflow: hidden; background: #fff3; }
progress[hidden] { display: none; }
progress::-webkit-progress-bar { background: #fff3; }
progress::-webkit-progress-value { background: var(--_include); }
progress::-moz-progress-bar { background: var(--_include); }
.error { inset-block-start: 14px; display: flex; align-items: center; gap: 12px; overflow-wrap: anywhere; border-inline-start: 3px solid var(--_exclude); }
.error button {
  flex: none; font: inherit; color: inherit; background: #fff2; border: 0; border-radius: 6px; padding: 4px 10px; cursor: pointer;
}
.error button:hover { background: #fff4; }
.error button:focus-visible { outline: 2px solid currentColor; outline-offset: 1px; }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@keyframes turn { to { rotate: 1turn; } }
@keyframes appear { from { opacity: 0; } }
@media (prefers-reduced-motion: reduce) {
  .handle { transition: none; }
  .status { animation: none; }
  .status::before { animation-duration: 4s; }
}
@media (forced-colors: active) {
  .handle { border-color: CanvasText; forced-color-adjust: none; }
  .stage:focus-visible ~ .focus { box-shadow: inset 0 0 0 3px Highlight; }
}
`;
