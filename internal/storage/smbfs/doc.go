// Package smbfs keeps a home on an SMB share. It is the only importer of the SMB
// library and carries what that library lacks: a way in by steps (Connect,
// Login, Mount, Open) that shares.Check can time, errors as Win32 codes, an end
// to every call, no way through reparse points, uploads under a temporary name
// and renames that replace nothing.
//
// Where nothing is signed or encrypted the octets of uploads go around the library,
// which would copy them: see direct.go.
//
// Two limits of the library show through. Files are opened with the share modes
// read and write, so a download succeeds while a stranger who allows readers is
// writing; and a rename replaces unless the target's name is taken first.
package smbfs
