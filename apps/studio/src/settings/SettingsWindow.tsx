import './settings.css';

import type { ReactNode } from 'react';
import { Input, Label, Text, TextField } from 'react-aria-components';
import type { BackendChoice } from 'samgpu';

import { useSettings, useStudio } from '../app/studio-context.ts';
import type { Theme } from '../state/settings.ts';
import type { Segment } from '../ui/Segmented.tsx';
import { Setting } from '../ui/Setting.tsx';
import { SwitchField } from '../ui/SwitchField.tsx';
import { Window } from '../ui/Window.tsx';

const themes: readonly Segment<Theme>[] = [
  { key: 'system', label: 'System' },
  { key: 'dark', label: 'Dark' },
  { key: 'light', label: 'Light' },
];

const backends: readonly Segment<BackendChoice>[] = [
  { key: 'auto', label: 'Automatic', hint: 'The GPU where there is one' },
  { key: 'webgpu', label: 'GPU', hint: 'WebGPU, or an error that says why not' },
  { key: 'onnx', label: 'CPU', hint: 'ONNX Runtime in WebAssembly' },
];

interface SettingsWindowProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function SettingsWindow({ isOpen, onClose }: SettingsWindowProps): ReactNode {
  const studio = useStudio();
  const settings = useSettings();
  return (
    <Window title="Settings" isOpen={isOpen} onClose={onClose}>
      <div className="settings">
        <Setting
          label="Appearance"
          segments={themes}
          value={settings.theme}
          onChange={(theme) => studio.settings.change({ theme })}
        />
        <Setting
          label="Models run on"
          segments={backends}
          value={settings.backend}
          onChange={(backend) => void studio.changeBackend(backend)}
        />
        <SwitchField
          label="Preview under the pointer"
          detail="Shows what a click would take."
          isSelected={settings.hoverPreview}
          onChange={(hoverPreview) => studio.settings.change({ hoverPreview })}
        />
        <SwitchField
          label="Single keys choose tools"
          detail="Switch them off if you speak your input."
          isSelected={settings.letterKeys}
          onChange={(letterKeys) => studio.settings.change({ letterKeys })}
        />
        <TextField
          className="field"
          value={settings.modelFolder}
          onChange={(modelFolder) => studio.settings.change({ modelFolder })}
        >
          <Label>Folder of model files</Label>
          <Input placeholder="models/" spellCheck="false" autoCapitalize="off" />
          <Text slot="description">
            An address on this site. Files from elsewhere are asked for only if the site’s policy
            names that server. Counts from the next visit on.
          </Text>
        </TextField>
      </div>
    </Window>
  );
}
