package cli

// printConfig prints the configuration that a site would be served by: the file
// with every default, and over its directory section what flags and environment
// say. Passwords are in none of them.
func printConfig(a *app, plan sitePlan) error {
	file := plan.file
	c, err := a.connection(file.Directory)
	if err != nil {
		return err
	}
	file.Directory = c.DirectorySection
	text, err := file.YAML()
	if err != nil {
		return err
	}
	_, err = a.out.Write(text)
	return err
}
