import './side-panel.css';

import { Blend, Layers, Sparkles, WandSparkles } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';

import { AdjustPanel } from '../adjust/AdjustPanel.tsx';
import { useStudio } from '../app/studio-context.ts';
import { BackgroundPanel } from '../background/BackgroundPanel.tsx';
import { FindPanel } from '../find/FindPanel.tsx';
import { ObjectsPanel } from '../objects/ObjectsPanel.tsx';
import type { PanelTab } from '../state/panel.ts';
import { useStore } from '../state/store.ts';
import { useIsPhone } from '../ui/use-is-phone.ts';

const tabs: readonly {
  readonly key: PanelTab;
  readonly label: string;
  readonly icon: ReactNode;
}[] = [
  { key: 'objects', label: 'Objects', icon: <Layers size={16} /> },
  { key: 'adjust', label: 'Edges', icon: <WandSparkles size={16} /> },
  { key: 'background', label: 'Backdrop', icon: <Blend size={16} /> },
  { key: 'find', label: 'Find', icon: <Sparkles size={16} /> },
];

/** What was found and what becomes of it. On phones a sheet that the chosen tab opens and closes. */
export function SidePanel(): ReactNode {
  const studio = useStudio();
  const { tab, isOpen } = useStore(studio.interface.panel);
  const isPhone = useIsPhone();
  const pressed = useRef({ wasChosen: false, wasOpen: false });
  return (
    <Tabs
      className="side-panel"
      selectedKey={tab}
      onSelectionChange={(key) => {
        studio.interface.showPanel(key as PanelTab);
      }}
    >
      <TabList className="panel-tabs" aria-label="Results">
        {tabs.map(({ key, label, icon }) => (
          <Tab
            key={key}
            id={key}
            className="panel-tab"
            onPressStart={() => {
              pressed.current = { wasChosen: key === tab, wasOpen: isOpen };
            }}
            onPress={() => {
              const { wasChosen, wasOpen } = pressed.current;
              if (isPhone && wasChosen) studio.interface.panel.set({ tab: key, isOpen: !wasOpen });
            }}
          >
            {icon}
            <span>{label}</span>
          </Tab>
        ))}
      </TabList>
      {(isOpen || !isPhone) && (
        <>
          <TabPanel id="objects" className="panel-content">
            <ObjectsPanel />
          </TabPanel>
          <TabPanel id="adjust" className="panel-content">
            <AdjustPanel />
          </TabPanel>
          <TabPanel id="background" className="panel-content">
            <BackgroundPanel />
          </TabPanel>
          <TabPanel id="find" className="panel-content">
            <FindPanel />
          </TabPanel>
        </>
      )}
    </Tabs>
  );
}
