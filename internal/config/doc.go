// Package config reads the one file that configures ftpisoctl: how the commands
// and the service reach the directory, which places may hold homes, and how the
// FTP site behaves. The vocabulary is that of IIS's own system.ftpServer
// schema, so that a setting is called what administrators already call it.
//
// The parser is strict: an unknown key, a wrong type or an impossible value is
// an error with file and line, and all of them are reported together. A key is
// accepted only if it has an effect.
//
//	file.go, site.go   the records, with the YAML names as tags
//	rules.go           those of who may do what, with their checks
//	profile.go         a profile in place of the section's own keys
//	default.go         every default, in one place
//	load.go            bytes → File
//	decode.go          YAML nodes → records, by reflection over the tags
//	scalar.go          one scalar → one Go value
//	words/             words that a key accepts
//	validate.go        what a well-formed value must also satisfy
//	problem.go         what is wrong, where
package config
