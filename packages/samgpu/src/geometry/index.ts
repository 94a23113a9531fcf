export { boxFromCorners, validateBox } from './box.ts';
export { validatePoint, type Point, type PointLabel, type ValidPoint } from './point.ts';
export { PromptError, type PromptErrorCode } from './prompt-error.ts';
