// <get-configuration-database-status>: who has the configuration database open, and how (junos.md 2).

import { escapeXml } from '../../xml.ts';
import { dateText } from '../configuration/time-zone.ts';
import type { Database } from './database.ts';
import { idleText } from './editors.ts';
import type { Editor } from './editors.ts';

/** The inner text of the reply; empty information when nobody edits. */
export function databaseStatus(database: Database): string {
  const editing = [...database.editors].filter((editor) => {
    return editor.private !== undefined || editor.open || database.lockedBy === editor || database.changedBy === editor;
  });
  return `<database-status-information>\n${editing.map((editor) => status(editor, database)).join('')}</database-status-information>\n`;
}

function status(editor: Editor, database: Database): string {
  const mode = database.lockedBy === editor ? '<exclusive/>\n' : editor.private !== undefined ? '<private/>\n' : '';
  return (
    `<database-status>\n<user>${escapeXml(editor.user.name)}</user>\n<terminal></terminal>\n<pid>${editor.pid}</pid>\n` +
    `<start-time>${dateText(editor.since, database.timeZone())}</start-time>\n` +
    `<idle-time>${idleText(editor, database.now())}</idle-time>\n${mode}<edit-path>[edit]</edit-path>\n</database-status>\n`
  );
}
