package cli

import "github.com/ftpisoctl/ftpisoctl/internal/config"

// printConfig prints the configuration in force: the file with every default, and
// over its directory section what flags and environment say. Passwords are in none
// of them.
func printConfig(a *app, file config.File) error {
	c, err := a.connection(file.Directory.Connection)
	if err != nil {
		return err
	}
	file.Directory.Connection = c.Connection
	text, err := file.YAML()
	if err != nil {
		return err
	}
	_, err = a.out.Write(text)
	return err
}
