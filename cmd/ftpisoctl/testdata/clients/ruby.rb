# The journey with Ruby's net/ftp. What it has to do is in journey_test.go.

require 'net/ftp'

HOME, UP, DOWN = ENV.values_at('FTP_DIR', 'FTP_UP', 'FTP_DOWN')
tls = ENV['FTP_TLS']

options = {
  port: ENV['FTP_PORT'].to_i, username: ENV['FTP_USER'], password: ENV['FTP_PASSWORD'],
  passive: ENV['FTP_DATA'] == 'passive', open_timeout: 30, read_timeout: 30,
}
unless tls == 'clear'
  options[:ssl] = { ca_file: ENV['FTP_CA'] }
  options[:private_data_connection] = true
end
FTP = Net::FTP.new(ENV['FTP_HOST'], options)

def store(folder, remote)
  FTP.mkdir(remote)
  Dir.children(folder).each do |name|
    if File.directory?("#{folder}/#{name}")
      store("#{folder}/#{name}", "#{remote}/#{name}")
    else
      FTP.putbinaryfile("#{folder}/#{name}", "#{remote}/#{name}")
    end
  end
end

def folder?(name)
  FTP.chdir(name)
  true
rescue Net::FTPPermError
  false
end

def fetch(remote, folder)
  Dir.mkdir(folder)
  FTP.chdir(remote)
  FTP.nlst('-a').each do |name|
    name = name.dup.force_encoding('UTF-8')
    if folder?("#{remote}/#{name}")
      fetch("#{remote}/#{name}", "#{folder}/#{name}")
    else
      FTP.getbinaryfile("#{remote}/#{name}", "#{folder}/#{name}")
    end
  end
end

store("#{UP}/copy", "#{HOME}/copy")

FTP.resume = true
FTP.putbinaryfile("#{UP}/copy/big.bin", "#{HOME}/half.bin") # asks SIZE, then APPE or REST and STOR
FTP.getbinaryfile("#{HOME}/half.bin", "#{DOWN}/half.bin")
FTP.resume = false

fetch("#{HOME}/copy", "#{DOWN}/copy")

FTP.rename("#{HOME}/copy/old name.txt", "#{HOME}/copy/new name.txt")
FTP.delete("#{HOME}/copy/doomed.txt")
FTP.mkdir("#{HOME}/made folder")
FTP.rmdir("#{HOME}/made folder")
FTP.mkdir("#{HOME}/kept folder")
FTP.chdir("#{HOME}/kept folder")
raise "PWD says #{FTP.pwd}" unless FTP.pwd == "#{HOME}/kept folder"
FTP.mtime("#{HOME}/half.bin").year >= 2024 or raise 'MDTM'
FTP.quit
FTP.close
