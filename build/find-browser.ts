import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

/** Where installers put browsers that are not on PATH, below the folders that the environment names. */
function usualPlaces(): string[] {
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `${name}.app/Contents/MacOS/${name}`)
    const roots = ['/Applications', join(process.env['HOME'] ?? '', 'Applications')]
    return roots.flatMap((root) => apps.map((app) => join(root, app)))
  }
  if (process.platform === 'win32') {
    const programs = [
      ['Google', 'Chrome', 'Application', 'chrome.exe'],
      ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
      ['Chromium', 'Application', 'chrome.exe'],
    ]
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => process.env[name])
    return roots.filter((root) => root !== undefined).flatMap((root) => programs.map((parts) => join(root, ...parts)))
  }
  return []
}

/** Path of an installed Chromium, Chrome or Edge, or undefined. Chromium first; PATH before the usual places. */
export function findBrowser(): string | undefined {
  return COMMANDS.map(findCommand).find((path) => path !== undefined) ?? usualPlaces().find(isProgram)
}

/** Path of a command on PATH or in the folders of system programs, where a plain user's PATH may not look. */
export function findCommand(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  if (process.platform === 'linux') folders.push('/usr/sbin')
  return folders.map((folder) => join(folder, name + suffix)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // not there or not ours to run: look on
  }
}
