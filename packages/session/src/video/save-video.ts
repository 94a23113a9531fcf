import { savePrompt } from '../state/save-state.ts';
import type { SavedTrackedMask, SavedVideoObject, VideoSessionState } from './saved-video.ts';
import type { TrackResults } from './track-results.ts';
import { promptsOf, type VideoDocument } from './video-document.ts';

export function saveObjects(
  document: VideoDocument,
  results: TrackResults,
): VideoSessionState['objects'] {
  return document.objects.map((object): SavedVideoObject => ({
    ...object,
    prompts: Array.from(promptsOf(document, object.id), ([frame, prompts]) => ({
      frame,
      prompts: prompts.map(savePrompt),
    })),
    masks: results.framesOf(object.number).map((frame): SavedTrackedMask => {
      const { rle, area, score, objectScore, occluded } = results.get(object.number, frame)!;
      return [frame, rle.counts, area, score, objectScore, occluded ? 1 : 0];
    }),
  }));
}
