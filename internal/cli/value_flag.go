package cli

import "fmt"

// valueFlag is a flag whose value another room can read and print.
type valueFlag[T fmt.Stringer] struct {
	value *T
	parse func(string) (T, error)
}

func valueOf[T fmt.Stringer](value *T, parse func(string) (T, error)) *valueFlag[T] {
	return &valueFlag[T]{value, parse}
}

// Set accepts what can be read.
func (f *valueFlag[T]) Set(s string) error {
	value, err := f.parse(s)
	if err != nil {
		return fmt.Errorf("%q %w", s, err)
	}
	*f.value = value
	return nil
}

// String returns the value.
func (f *valueFlag[T]) String() string {
	if f == nil || f.value == nil { // pflag asks a zero value, too
		return ""
	}
	return (*f.value).String()
}

// Type returns the word that help shows for the value.
func (f *valueFlag[T]) Type() string { return "VALUE" }
