// Package localfs keeps a home in a local directory of Unix, as native does on
// Windows. It stands on os.Root, so that the kernel, not a check of strings,
// keeps every access below the home; on top of that it follows no symbolic link,
// enters no other device and opens nothing but regular files and directories.
//
//	fs.go      the home: opening and closing it
//	spot.go    going down to a place in it
//	stat.go    describing entries
//	list.go    reading directories
//	open.go    downloads
//	create.go  uploads, which end in upload.go
//	change.go  mkdir, delete, rename, times
//	lease_*    asking the system whether another process writes a file
//	rename*    renaming without replacing
//	sys_unix   what else the system is asked
package localfs
