// Package private tells whether a file or folder is its owner's alone: files with
// passwords, which nobody else may read, and the journal, which nobody else may
// write, because undo does what it says.
//
// On Unix the permission bits decide. On Windows it is the access control list:
// every entry that allows something counts, whatever may be denied elsewhere, and
// so does the owner, who can change the list. The account of this process,
// Administrators and SYSTEM are nobody else there, as root is not on Unix.
package private
