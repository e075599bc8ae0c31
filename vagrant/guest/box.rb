# SPDX-License-Identifier: BSD-2-Clause
# The Vagrantfile inside the box. Its disk has no boot loader: the emulator starts the kernel that lies beside this.
Vagrant.configure("2") do |config|
  config.vm.provider :libvirt do |libvirt|
    libvirt.machine_type = "q35"
    libvirt.kernel = File.join(__dir__, "vmlinuz")
    libvirt.initrd = File.join(__dir__, "initrd.img")
    libvirt.cmd_line = "root=/dev/vda rw net.ifnames=0 console=ttyS0 quiet"
  end
end
