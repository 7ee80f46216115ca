// Package native keeps a home in a local directory of Windows, as localfs does on
// Unix. Every entry is opened by the kernel from the handle of the home on, by a
// name that has been checked, and OBJ_DONT_REPARSE has the kernel refuse whatever
// leads elsewhere: symbolic links, junctions and mounted volumes.
//
// What other processes may do meanwhile is said to the kernel too, by the share
// modes of the handles, so that a writer and a reader meet here as they do
// anywhere on Windows: with Win32 32.
//
//	download                 others may read, delete and rename, but not write
//	upload                   nobody else, or readers (Options.ReadUploads)
//	the file that is to be   nobody else, or readers; who is downloading it already
//	replaced by an upload    goes on with the old content
//	delete, rename           whatever others do who share it
//
//	fs.go      the home: opening and closing it
//	spot.go    going down to a place in it
//	handle.go  opening what is there
//	stat.go    describing entries
//	list.go    reading directories
//	open.go    downloads
//	create.go  uploads, which end in upload.go
//	change.go  mkdir, delete, times
//	rename.go  rename
//	move.go    giving an open file another name
package native
