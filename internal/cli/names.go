package cli

import (
	"bufio"
	"iter"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// maxLine bounds a line of standard input, in bytes. No account name is longer.
const maxLine = 64 << 10

// names yields the users that args name; "-" stands for the lines of standard
// input. A name that has no valid form comes with its error.
func (e Env) names(args []string) iter.Seq2[ldapattr.AccountName, error] {
	return func(yield func(ldapattr.AccountName, error) bool) {
		for _, arg := range args {
			if arg != "-" {
				if !yield(parseName(arg)) {
					return
				}
				continue
			}
			for line, err := range e.lines() {
				var name ldapattr.AccountName
				if err == nil {
					name, err = parseName(line)
				}
				if !yield(name, err) {
					return
				}
			}
		}
	}
}

// checkNames refuses names without a valid form before anything is done.
func checkNames(args []string) error {
	for _, arg := range args {
		if arg == "-" {
			continue
		}
		if _, err := parseName(arg); err != nil {
			return err
		}
	}
	return nil
}

// parseName takes a bare name as one of the directory's own domain.
func parseName(s string) (ldapattr.AccountName, error) { return ldapattr.ParseAccountName(s, "") }

// lines yields the lines of standard input that are not blank, without line ends,
// in UTF-8 or in the UTF-16 that Windows PowerShell writes.
func (e Env) lines() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		text, err := intake.Text(e.Stdin)
		if err != nil {
			yield("", usage("read names from standard input: %w", err))
			return
		}
		scanner := bufio.NewScanner(text)
		scanner.Buffer(nil, maxLine)
		for scanner.Scan() {
			line := strings.TrimSpace(strings.TrimPrefix(scanner.Text(), "\ufeff")) // several files in one have marks inside
			if line != "" && !yield(line, nil) {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			yield("", usage("read names from standard input: %w", err))
		}
	}
}
