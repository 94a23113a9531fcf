import { Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Form, Input, Text, TextField } from 'react-aria-components';

import { useSession, useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { SearchProgress } from './SearchProgress.tsx';

/** Finds objects by words, where whoever serves the Studio has set up a detector; else it says so. */
export function TextSearch(): ReactNode {
  const studio = useStudio();
  const { everything, image, model } = useSession();
  const [words, setWords] = useState('');
  const isMissing = model !== null && !model.capabilities.text;
  const isRunning = everything?.state === 'running';
  const isAtWork = isRunning && everything.words !== undefined;
  const isReady = image !== null && model !== null && !isMissing && !isRunning;
  return (
    <section className="panel-section" aria-labelledby="find-words">
      <h3 id="find-words">By words</h3>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && words.trim() !== '') void studio.findWords(words.trim());
        }}
      >
        <TextField
          aria-label="What to look for"
          value={words}
          onChange={setWords}
          isDisabled={isMissing}
        >
          <div className="text-search">
            <Input placeholder="the red cup, a spoon" />
            <Button type="submit" isDisabled={!isReady || words.trim() === ''}>
              <Search size={16} />
              Find
            </Button>
          </div>
          {isMissing && (
            <Text slot="description" className="panel-note">
              Wants a detector, which does not come along: start one, then the Studio with{' '}
              <code>npm run studio -- --grounder http://127.0.0.1:9000</code>, and use a model that
              takes boxes.
            </Text>
          )}
        </TextField>
      </Form>
      {isAtWork && <SearchProgress label={`Looking for “${everything.words}”`} />}
      <p role="status" className="panel-note find-outcome">
        {outcomeOf(everything)}
      </p>
    </section>
  );
}

/** What came of the last words, said to those who do not see the gallery, too. */
function outcomeOf(everything: ReturnType<typeof useSession>['everything']): string {
  if (everything?.state !== 'done' || everything.words === undefined) return '';
  const { found, words } = everything;
  return found.length === 0
    ? `Nothing was found for “${words}”.`
    : `${found.length} found for “${words}”.`;
}
