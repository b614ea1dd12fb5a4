//! Codes of the run: its lock, its record and the publishing of its reports.

use crate::diagnostics::code::codes;

codes! {
    WORKSPACE_LOCKED = "workspace-locked", "Another run is at work in the same workspace, and two at once could publish a mixture. Wait for it to end; the lock goes with the process, so nothing needs to be removed by hand.";
    LOCK_FAILED = "lock-failed", "The file `.quarterdeck/lock` cannot be made or locked, so it cannot be told whether another run is at work. Check the permissions of the workspace, or move it to a file system that supports locks.";
    PUBLISH_FAILED = "publish-failed", "The reports were computed but could not be written: no space, no permission, or a published workbook held open. The last published reports are untouched. Remove the cause and run again.";
    MANIFEST_INCONSISTENT = "manifest-inconsistent", "The record of the run, `run.json`, contradicts itself, so nothing was published. This is a fault of quarterdeck, not of the data: please report it with the message.";
}
