import './notices.css';

import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';

import { type Notice, notices } from '../state/notices.ts';
import { Button } from '../ui/Button.tsx';

const icons: Readonly<Record<Notice['kind'], ReactNode>> = {
  done: <CircleCheck size={18} />,
  note: <Info size={18} />,
  problem: <TriangleAlert size={18} />,
};

/** What is said in passing, in a corner. */
export function Notices(): ReactNode {
  return (
    <ToastRegion queue={notices} className="notices" aria-label="Notices">
      {({ toast }) => {
        const { kind, title, detail, action } = toast.content;
        return (
          <Toast toast={toast} className={`notice notice-${kind}`}>
            {icons[kind]}
            <ToastContent className="notice-text">
              <Text slot="title">{title}</Text>
              {detail !== undefined && <Text slot="description">{detail}</Text>}
              {action !== undefined && (
                <Button
                  size="s"
                  onPress={() => {
                    notices.close(toast.key);
                    action.run();
                  }}
                >
                  {action.label}
                </Button>
              )}
            </ToastContent>
            <AriaButton slot="close" className="notice-close" aria-label="Close">
              <X size={16} />
            </AriaButton>
          </Toast>
        );
      }}
    </ToastRegion>
  );
}
